// A relying party on jose, as its documentation has it.
import { explains } from "./explains.js";

explains("jose");
