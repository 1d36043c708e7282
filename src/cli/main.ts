#!/usr/bin/env node
// The command line: has Node keep what it compiles, where it can (22.8 and later), and loads the program.
import module from "node:module";

(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
const { main } = await import("./program.js");
await main();
