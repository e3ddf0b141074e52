# docker build -t auth-gateway:0.1.0 .
# Builds with the project's own wrapper, as CI does; runs on a JRE alone, as nobody.

FROM eclipse-temurin:25.0.3_9-jdk-noble AS build
WORKDIR /src
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY auth-gateway/pom.xml auth-gateway/
COPY auth-gateway/src/main auth-gateway/src/main
COPY docs/openapi.yaml docs/
# the tests have run before: CI runs ./mvnw verify
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -ntp -pl auth-gateway package -Dmaven.test.skip=true
RUN java -Djarmode=tools -jar auth-gateway/target/auth-gateway.jar extract --layers --destination /layers

FROM eclipse-temurin:25.0.3_9-jre-noble
WORKDIR /app
# one image layer each, what changes least first
COPY --from=build /layers/dependencies/ ./
COPY --from=build /layers/spring-boot-loader/ ./
COPY --from=build /layers/snapshot-dependencies/ ./
COPY --from=build /layers/application/ ./
# a number, so that Kubernetes can see that it is not root
USER 10001:10001
# 8080: edge; 8081: internal, for nobody outside
EXPOSE 8080 8081
# MaxRAMPercentage, MaxDirectMemorySize: half of the container for the heap and a bounded part for Netty's
#   buffers, so that both together with code and threads stay inside the limit of 1 GiB
# UseG1GC: the JVM would take the serial collector in a small container, with its long pauses
# ExitOnOutOfMemoryError: a replica that is out of memory is replaced, not left half alive
# -UsePerfData: no file in /tmp for every process
# native access, unsafe: Netty and the crypto provider are native; without these JDK 25 prints warnings
ENTRYPOINT ["java", \
  "-XX:MaxRAMPercentage=50", \
  "-XX:MaxDirectMemorySize=192m", \
  "-XX:+UseG1GC", \
  "-XX:+ExitOnOutOfMemoryError", \
  "-XX:-UsePerfData", \
  "--enable-native-access=ALL-UNNAMED", \
  "--sun-misc-unsafe-memory-access=allow", \
  "-jar", "auth-gateway.jar"]
