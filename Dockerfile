# The mock as an image: for `services:` in GitLab CI, and for docker compose. The command is a bundle: the image has
# none of the packages that it is built from, and a change of the source changes its last layer alone, of 4 MB.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# `prepare` would build, and the sources are not here yet.
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY scripts/bundle.mjs scripts/command.mjs scripts/command-parts.mjs scripts/
COPY scenarios scenarios
COPY src src
RUN npm run build && mkdir -p image/scenario && mv dist/cli image/cli && mv dist/scenario/built-in.json image/scenario/

FROM node:24.21.0-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production \
    GITLAB_OIDC_MOCK_HOST=0.0.0.0
COPY --chmod=755 scripts/is-ready /usr/local/bin/gitlab-oidc-mock-is-ready
RUN ln -s /app/dist/cli/main.js /usr/local/bin/gitlab-oidc-mock
USER node
EXPOSE 8080 8443
HEALTHCHECK --interval=5s --timeout=5s --start-period=10s CMD ["gitlab-oidc-mock-is-ready"]
ENTRYPOINT ["gitlab-oidc-mock"]
CMD ["serve"]
COPY package.json LICENSE README.md ./
COPY scenarios scenarios
COPY --from=build /app/image dist
