# The mock as an image: for `services:` in GitLab CI, and for docker compose.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# `prepare` would build, and the sources are not here yet.
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY scripts/bundle.mjs scripts/
COPY scenarios scenarios
COPY src src
RUN npm run build && npm ci --omit=dev --ignore-scripts && npm cache clean --force

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production \
    GITLAB_OIDC_MOCK_HOST=0.0.0.0
COPY package.json LICENSE README.md ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY scenarios scenarios
RUN ln -s /app/dist/cli/main.js /usr/local/bin/gitlab-oidc-mock
USER node
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=10s CMD ["gitlab-oidc-mock", "healthcheck"]
ENTRYPOINT ["gitlab-oidc-mock"]
CMD ["serve"]
