# The player and the pages.
FROM node:22-bookworm-slim AS web
WORKDIR /src/overlay/web
COPY overlay/web/package.json overlay/web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY overlay/web ./
RUN npm run build

# The server. SQLite needs a C compiler, which this image has.
FROM golang:1.26-bookworm AS server
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=web /src/overlay/web/dist overlay/web/dist
RUN CGO_ENABLED=1 go build -trimpath -ldflags="-s -w" -o /mediad ./cmd/mediad && mkdir /empty

FROM debian:bookworm-slim
# Posters, thumbnails and downloads are made by ffmpeg.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates ffmpeg && rm -rf /var/lib/apt/lists/*
COPY --from=server /mediad /usr/local/bin/mediad
COPY --from=server --chown=10001:10001 /empty /data
USER 10001:10001
WORKDIR /data
ENV MEDIAD_DATA_DIR=/data
VOLUME /data
EXPOSE 1935 8080
# It asks where /data/config.yaml or the variables say that HTTP is, with TLS if they say so.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["mediad", "health"]
ENTRYPOINT ["mediad"]
CMD ["serve"]
