# The bot in one image: build the dependencies from the lock, then carry them into a small image that runs as nobody in particular.
FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/trilha
COPY requirements.lock ./
RUN /opt/trilha/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
COPY migrations ./migrations
RUN /opt/trilha/bin/pip install --no-cache-dir --no-deps .

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 trilha && mkdir /data && chown trilha /data
COPY --from=build /opt/trilha /opt/trilha
COPY --chown=trilha catalog.yaml /app/catalog.yaml
WORKDIR /app
USER trilha
ENV PATH=/opt/trilha/bin:$PATH PYTHONUNBUFFERED=1 BOT_DATA_DIR=/data BOT_CATALOG=/app/catalog.yaml
VOLUME /data
STOPSIGNAL SIGTERM
ENTRYPOINT ["trilha"]
CMD ["run"]
