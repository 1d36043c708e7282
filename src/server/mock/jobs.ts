// The jobs of a pipeline file that a request brings, and the ID tokens of one of them.
import { z } from "zod";
import { minting } from "../instance/instance.js";
import { givenCopies, givenFiles } from "../pipeline/given-files.js";
import { issueJobTokens } from "../pipeline/issue.js";
import { jobTextSchema } from "../pipeline/job-text.js";
import { situationSchema } from "../pipeline/situation.js";
import { route } from "./route.js";
import { mintedSchema } from "./token.js";

const bodySchema = z.strictObject({
	file: z.string().meta({ description: "the text of the pipeline file" }),
	path: z
		.string()
		.min(1)
		.max(255)
		.regex(/^[^/\p{Cc}]/u, "expected a path in the project")
		.refine(
			(path) => !/[\p{Cc}\\]/u.test(path) && !path.split("/").includes(".."),
			"expected a path in the project",
		)
		.optional()
		.meta({ description: "its path in the project; default .gitlab-ci.yml" }),
	includes: z.record(z.string(), z.string()).optional().meta({
		description:
			"the texts of the files that it may include, by their paths in the project",
	}),
	paths: z.array(z.string().max(4096)).max(50_000).optional().meta({
		description:
			"the paths of the project's other files, for `exists`; without them nobody knows which there are",
	}),
	copies: z
		.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())]))
		.optional()
		.meta({
			description:
				"copies of what it includes from elsewhere: a text, or texts by their paths, by what it is of: `project:group/templates`, `component:host/group/project/name@1.0`, `remote:https://…` or `template:Name.gitlab-ci.yml`",
		}),
	job: z.string().optional().meta({
		description: "whose tokens are issued; without it the jobs are told of",
	}),
	situation: situationSchema.optional(),
});

export const jobRoutes = [
	route({
		method: "post",
		path: "/_mock/jobs",
		summary: "The jobs of a pipeline file, or the ID tokens of one of them",
		body: bodySchema,
		answer: z.object({
			jobs: z.array(jobTextSchema),
			tokens: z
				.record(z.string(), mintedSchema)
				.meta({ description: "of the job, by the name of the variable" }),
			hidden_tokens: z.record(z.string(), mintedSchema).meta({
				description:
					"of the job, those of GitLab's own making, by what implies them",
			}),
			warnings: z.array(z.string()),
			situation: z.string().meta({ description: "in words" }),
			left_out: z
				.array(z.object({ name: z.string(), why: z.string() }))
				.meta({ description: "the jobs that the situation has not" }),
			no_pipeline: z
				.string()
				.nullable()
				.meta({ description: "why there is no pipeline at all" }),
		}),
		async handle({ place: { instance, issuer }, body }) {
			const { file, path = ".gitlab-ci.yml", includes = {}, paths, job } = body;
			const source = {
				path,
				text: file,
				files: givenFiles(includes, paths && [path, ...paths]),
				copies: givenCopies(body.copies ?? {}),
			};
			return minting(instance, issuer(), (ready) =>
				issueJobTokens(ready, source, job, body.situation ?? {}),
			);
		},
	}),
];
