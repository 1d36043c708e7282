// The recipes of examples/, in their own languages; what needs a container engine is read here, and run by test/image.
import { cp, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { freePort, makeFolder, start } from "./program.js";

const ROOT = join(import.meta.dirname, "../..");
const EXAMPLES = join(ROOT, "examples");
const JARS = [
	...["junit-jupiter-api", "junit-jupiter-engine", "junit-jupiter-params"],
	...["junit-platform-commons", "junit-platform-engine"],
	...["junit-platform-launcher", "junit-platform-console"],
	...["junit-platform-reporting", "opentest4j", "apiguardian-api", "picocli"],
	...["opentest4j-reporting-events", "opentest4j-reporting-schema"],
	"univocity-parsers",
].map((name) => `/usr/share/java/${name}.jar`);
const read = (path: string) => readFile(join(ROOT, path), "utf8");

const ends: (() => Promise<unknown>)[] = [];
const later = (end: () => Promise<unknown>) => void ends.push(end);
/** test/interop/single-file.test.ts has the file itself. */
const FILE = `import ${JSON.stringify(join(ROOT, "dist/cli/main.js"))};\n`;

afterAll(async () => {
	for (const end of ends.reverse()) await end();
});

/** A copy of a recipe, with the command beside it, as its user has it. */
async function recipe(name: string): Promise<string> {
	const home = await makeFolder(later);
	await cp(join(EXAMPLES, name), home, { recursive: true });
	await writeFile(join(home, "gitlab-oidc-mock.mjs"), FILE);
	return home;
}

interface Outcome {
	code: number;
	printed: string;
}

async function run(
	home: string,
	from: string,
	[program = "", ...argv]: readonly string[],
	env: Record<string, string> = {},
): Promise<Outcome> {
	const started = start(program, argv, { from, home, later, env });
	return { code: await started.exit(), printed: started.output() };
}

test("pytest", async () => {
	const home = await recipe("pytest");
	const pytest = ["/usr/bin/python3", "-m", "pytest", "-p", "no:cacheprovider"];
	const from = "Debian's python3-pytest";
	const { code, printed } = await run(home, from, pytest);
	expect(printed).toContain("5 passed");
	expect(code).toBe(0);
	const without = await run(home, from, pytest, { GITLAB_MOCK: "false" });
	expect(without.printed).toContain("did not start: exit code 1");
	expect(without.code).toBe(1);
});

test("go test", async () => {
	const home = await recipe("go");
	const go = ["go", "test", "-v", "-vet=off", "."];
	const { code, printed } = await run(home, "Debian's golang-go", go, {
		CGO_ENABLED: "1", // Debian 12 brings the standard library compiled so
		GOCACHE: join(home, ".cache"),
		GOPROXY: "off",
		GOFLAGS: "",
	});
	expect(printed.match(/^ *--- PASS: Test/gm), printed).toHaveLength(6);
	expect(code).toBe(0);
});

test("JUnit 5", async () => {
	const home = await recipe("junit5");
	const path = JARS.join(":");
	const sources = ["GitLab.java", "LoginTest.java"];
	const javac = ["javac", "-proc:none", "-d", "out", "-cp", path, ...sources];
	const compiled = await run(home, "Debian's default-jdk-headless", javac);
	expect(compiled).toEqual({ code: 0, printed: "" });
	const { code, printed } = await run(home, "Debian's junit5", [
		...["java", "-XX:TieredStopAtLevel=1", "-cp", `${path}:out`],
		...["org.junit.platform.console.ConsoleLauncher", "-c", "LoginTest"],
	]);
	expect(printed).toContain("[         5 tests successful      ]");
	expect(code).toBe(0);
});

describe("check", () => {
	/** A service, its profile, and what an installation would bring. */
	async function service(): Promise<string> {
		const home = await recipe("rp");
		await symlink(join(ROOT, "node_modules"), join(home, "node_modules"));
		await writeFile(
			join(home, "rp.yaml"),
			`target: { http: { url: "http://127.0.0.1:{port}/" } }
start: exec node rp.mjs
policy: { claims: { ref_protected: "true" } }
`,
		);
		return home;
	}
	const command = `${process.execPath} ${join(ROOT, "dist/cli/main.js")}`;
	const options = "--quick --only time/expired";
	const bash = (home: string, script: string, env: Record<string, string>) =>
		run(home, "bash", ["bash", "-eo", "pipefail", "-c", script], env);

	test("as a composite action", async () => {
		const { inputs, outputs, runs } = parse(
			await read("examples/actions/check/action.yml"),
		);
		expect(runs.using).toBe("composite");
		const [step, ...more] = runs.steps;
		expect(more).toEqual([]);
		expect(step.shell).toBe("bash"); // a composite action's step must say it
		const given: Record<string, string> = { command, options };
		const filled = (text: string) =>
			text.replace(
				/\$\{\{ inputs\.([\w-]+) \}\}/g,
				(_, name) => given[name] ?? inputs[name].default,
			);
		const env = Object.fromEntries(
			Object.entries<string>(step.env).map(([key, text]) => [
				key,
				filled(text),
			]),
		);
		const home = await service();
		const summary = join(home, "summary.md");
		const { code, printed } = await bash(home, filled(step.run), {
			...env,
			GITHUB_STEP_SUMMARY: summary,
		});
		expect(printed).toContain("NO FINDINGS");
		expect(code).toBe(0);
		for (const { value } of Object.values<{ value: string }>(outputs))
			expect(await readFile(join(home, value), "utf8")).not.toBe("");
		expect(await readFile(summary, "utf8")).toContain("No findings");
	});

	test("as a component", async () => {
		const text = await read("templates/check.yml");
		const [head, body = ""] = text.split(/^---$/m);
		const { inputs } = parse(head ?? "").spec;
		const given: Record<string, string> = { command, options, install: "true" };
		const [job] = Object.values<{
			script: string[];
			artifacts: { paths: string[]; reports: Record<string, string> };
		}>(
			parse(
				body.replace(
					/\$\[\[ inputs\.([\w-]+) \]\]/g,
					(_, name) => given[name] ?? inputs[name].default,
				),
			),
		);
		if (!job) expect.fail("no job");
		const home = await service();
		const { code, printed } = await bash(home, job.script.join("\n"), {});
		expect(printed).toContain("NO FINDINGS");
		expect(code).toBe(0);
		const { paths, reports } = job.artifacts;
		for (const path of [...paths, ...Object.values(reports)])
			expect(await readFile(join(home, path), "utf8")).not.toBe("");
	});

	test("as a component that a pipeline includes, read by `jobs`", async () => {
		const home = await makeFolder(later);
		const component = "gitlab.example.com/acme/gitlab-oidc-mock/check@1.0";
		const pipeline = (inputs: string) =>
			writeFile(
				join(home, ".gitlab-ci.yml"),
				`include:
  - component: ${component}
    inputs: ${inputs}
default:
  id_tokens: { ID_TOKEN: { aud: https://rp.example.com } }
`,
			);
		const jobs = () =>
			run(home, "Node", [
				...[process.execPath, join(ROOT, "dist/cli/main.js"), "jobs"],
				...[".gitlab-ci.yml", "--include", `component:${component}=${ROOT}`],
			]);
		await pipeline("{ job-name: check-login }");
		const read = await jobs();
		expect(read.printed).toMatch(/^check-login +ID_TOKEN/m);
		expect(read.code).toBe(0);
		await pipeline("{ job-nam: check-login }");
		expect((await jobs()).code).toBe(2);
	});
});

test("GitHub's services: the job's script succeeds, and fails with a service that lets everybody in", async () => {
	const { jobs } = parse(await read("examples/github-actions.yml"));
	const job = jobs["integration-test"];
	const [mockPort, port] = [await freePort(), await freePort()];
	const home = await recipe("rp");
	await symlink(join(ROOT, "node_modules"), join(home, "node_modules"));
	const mock = start(
		process.execPath,
		["gitlab-oidc-mock.mjs", "serve", "--port", String(mockPort), "--json"],
		{ from: "Node", home, later, env: job.services.gitlab.env },
	);
	await mock.until("ready", () => /^\{/m.exec(mock.output()) ?? undefined);
	const here = (text: string) =>
		text
			.replaceAll("localhost:8080", `localhost:${mockPort}`)
			.replaceAll("localhost:9000", `127.0.0.1:${port}`);
	const script = (job.steps as { run?: string }[])
		.flatMap(({ run }) => (run && !run.startsWith("npm ci") ? [here(run)] : []))
		.join("\n");
	const env = {
		...job.env,
		OIDC_ISSUER: here(job.env.OIDC_ISSUER),
		PORT: String(port),
	};
	const inBash = (folder: string) => {
		const ended = `trap 'trap "" TERM; kill 0' EXIT\n${script}`;
		const argv = ["bash", "-eo", "pipefail", "-c", ended];
		return run(folder, "bash", argv, env);
	};
	const good = await inBash(home);
	expect(good.printed).toContain("project_path:");
	expect(good.code).toBe(0);
	const bad = await inBash(join(ROOT, "test/image/lets-everybody-in"));
	expect(bad.code).toBe(1);
});

test("Testcontainers, Kubernetes and the dev container say the same of the image", async () => {
	const dockerfile = await read("Dockerfile");
	expect(dockerfile).toMatch(/^EXPOSE 8080 /m);
	for (const name of [
		"gitlab.test.ts",
		"GitLabContainerTest.java",
		"gitlab_container_test.go",
		"test_gitlab_container.py",
	]) {
		const text = await read(`examples/testcontainers/${name}`);
		for (const part of [
			"registry.example.com/gitlab-oidc-mock",
			"/_mock/health",
			"8080",
			"GITLAB_OIDC_MOCK_AUDIENCE",
			"GITLAB_OIDC_MOCK_ISSUER",
			"http://gitlab:8080",
			"/_mock/token/ref/protected-tag",
		])
			expect(text, name).toContain(part);
	}
	const [pod, service] = parseAllDocuments(
		await read("examples/kubernetes/gitlab.yaml"),
	).map((document) => document.toJS());
	const [container] = pod.spec.containers;
	expect(container.readinessProbe.httpGet.path).toBe("/_mock/health");
	expect(container.ports[0].containerPort).toBe(8080);
	expect(service.spec.selector).toEqual(pod.metadata.labels);
	const [{ port, targetPort }] = service.spec.ports;
	expect([port, targetPort]).toEqual([80, container.ports[0].name]);
	expect(container.env[0].value).toBe(`http://${service.metadata.name}`);
	const folder = "examples/devcontainer";
	const definition = JSON.parse(await read(`${folder}/devcontainer.json`));
	const { services } = parse(
		await read(`${folder}/${definition.dockerComposeFile}`),
	);
	expect(Object.keys(services)).toContain(definition.service);
	const { environment } = services.gitlab;
	expect(services.workspace.environment).toMatchObject({
		OIDC_ISSUER: environment.GITLAB_OIDC_MOCK_ISSUER,
		OIDC_AUDIENCE: environment.GITLAB_OIDC_MOCK_AUDIENCE,
	});
	expect(services.workspace.volumes[0]).toContain(definition.workspaceFolder);
});
