// What Kubernetes has beside CEL's own functions, as far as a rule on claims needs it. Source: "Common Expression Language in Kubernetes".
import type { Environment } from "@marcbachmann/cel-js";

interface Re2 {
	compile(pattern: string): {
		matcher(text: string): { find(): boolean; group(): string | null };
	};
}

/** Adds find and findAll of its regex library, and replace of CEL's strings extension. */
export function registerKubernetes(environment: Environment, re2: Re2): void {
	const findAll = (text: string, pattern: string, most = Infinity) => {
		const matcher = re2.compile(pattern).matcher(text);
		const found: string[] = [];
		while (found.length < most && matcher.find()) {
			found.push(matcher.group() ?? "");
		}
		return found;
	};
	environment
		.registerFunction(
			"string.find(string): string",
			(text: string, pattern: string) => findAll(text, pattern, 1)[0] ?? "",
		)
		.registerFunction(
			"string.findAll(string): list<string>",
			(text: string, pattern: string) => findAll(text, pattern),
		)
		.registerFunction(
			"string.findAll(string, int): list<string>",
			(text: string, pattern: string, most: bigint) =>
				findAll(text, pattern, most < 0n ? Infinity : Number(most)),
		)
		.registerFunction(
			"string.replace(string, string): string",
			(text: string, old: string, other: string) =>
				text.replaceAll(old, () => other),
		);
}
