# Chartbridge in a container: docker build -t chartbridge .
# Not tried yet on a machine with Docker (README, "Containers").

FROM eclipse-temurin:25-jdk AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends maven \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY pom.xml ./
COPY src src
RUN mvn -q -B -Dquick -Dmaven.test.skip=true package \
    && java -Djarmode=tools -jar target/chartbridge.jar extract --destination target/chartbridge

FROM eclipse-temurin:25-jre
# curl asks for readiness.
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/chartbridge chartbridge
COPY --from=build /build/target/chartbridge /opt/chartbridge
COPY LICENSE /opt/chartbridge/
USER 10001
WORKDIR /var/lib/chartbridge
ENV CHARTBRIDGE_DATA=/var/lib/chartbridge/data \
    CHARTBRIDGE_ROUTES=/etc/chartbridge/routes \
    SERVER_ADDRESS=0.0.0.0
VOLUME /var/lib/chartbridge
EXPOSE 8080 2575 2576
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD curl -fsS -o /dev/null http://127.0.0.1:8080/actuator/health/readiness || exit 1
# Stopping takes less than ten seconds.
STOPSIGNAL SIGTERM
ENTRYPOINT ["java", "-Xmx512m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-jar", "/opt/chartbridge/chartbridge.jar"]
