# syntax=docker/dockerfile:1
# The shop's image: built in one stage, run in another that has no build tools, as a user that owns nothing but var/.

FROM python:3.13-slim-bookworm AS build
ENV PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
# Before the code, so that a change of code does not install everything again.
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip pip install --require-hashes -r requirements.txt
COPY . .
# The settings want their answers even here; nothing is connected to and nothing of this stays in the image.
RUN SECRET_KEY=only-for-collecting-files BASE_URL=https://build.invalid DATABASE_URL=sqlite:////tmp/build.sqlite3 \
    VAR_DIR=/tmp/var STATIC_ROOT=/app/collected DJANGO_SETTINGS_MODULE=storefront.settings.production \
    python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q site home search shop

FROM python:3.13-slim-bookworm
# Pango draws the letters of invoices and packing slips; the second font has those of China, Japan and Korea.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
        fonts-dejavu-core fonts-droid-fallback \
    && rm -rf /var/lib/apt/lists/*
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app/site:/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=storefront.settings.production \
    BIND=0.0.0.0:8000 \
    VAR_DIR=/app/var \
    STATIC_ROOT=/app/collected \
    TMPDIR=/app/var/tmp
RUN groupadd --system --gid 10001 cornhill \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /app/var cornhill
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
# The only folder the site writes to: uploads, and what has no service of its own. Mount a volume here.
RUN install -d -o cornhill -g cornhill var var/tmp
# By number, so that a platform can see that it is not root.
USER 10001:10001
VOLUME /app/var
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "bin/healthcheck.py"]
CMD ["bin/serve"]
