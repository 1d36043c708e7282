// A relying party on jsonwebtoken with jwks-rsa, as its documentation has it.
import { explains } from "./explains.js";

explains("jsonwebtoken with jwks-rsa");
