# cleaner in a container, built from the checkout:
#   docker build -t cleaner .
#   docker run --rm -v "$PWD:/data" cleaner run crawl/ -o clean/
FROM python:3.13-slim AS build
COPY . /source
RUN python -m venv /opt/cleaner && /opt/cleaner/bin/pip install --no-cache-dir '/source[charset,language]'

FROM python:3.13-slim
COPY --from=build /opt/cleaner /opt/cleaner
RUN useradd --create-home cleaner
USER cleaner
WORKDIR /data
ENTRYPOINT ["/opt/cleaner/bin/cleaner"]
