// A relying party on openid-client, as its documentation has it.
import { explains } from "./explains.js";

explains("openid-client");
