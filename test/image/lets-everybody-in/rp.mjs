// A service that the pipeline of examples/gitlab-ci.yml must find out: it looks at no token.
// @ts-check
import { createServer } from "node:http";

createServer((_, response) => response.end("welcome\n")).listen(
	Number(process.env.PORT),
);
