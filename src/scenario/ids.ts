export type BuiltInScenario = string;
export type ShortName = string;
