# The API and the pages. Neo4j has an image of its own: docker-compose.yml puts the two together.
FROM python:3.11-slim-bookworm AS build

RUN python -m venv /opt/sightlines
ENV PATH=/opt/sightlines/bin:$PATH

WORKDIR /build
COPY requirements.lock ./
RUN pip install --no-cache-dir --no-deps --only-binary :all: --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY graph graph/
COPY viz viz/
COPY api api/
COPY sightlines sightlines/
COPY seeds seeds/
COPY stories stories/
# Without isolation, so that nothing is fetched but what the lock file names.
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm

RUN groupadd --gid 10001 sightlines \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data sightlines \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /opt/sightlines /opt/sightlines

# The file system may be read-only: only /data and /tmp are written to.
ENV PATH=/opt/sightlines/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SIGHTLINES_HOME=/data \
    SIGHTLINES_HOST=0.0.0.0
USER 10001:10001
WORKDIR /data
EXPOSE 8000

HEALTHCHECK --interval=10s --timeout=10s --start-period=90s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=8)"]
ENTRYPOINT ["sightlines"]
CMD ["up"]
