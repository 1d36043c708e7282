// A relying party on fast-jwt with get-jwks, as its documentation has it.
import { explains } from "./explains.js";

explains("fast-jwt with get-jwks");
