// `aud` where nobody names one.

/** The audience of a token where nothing else is said. */
export const DEFAULT_AUDIENCE = "https://rp.example.com";
