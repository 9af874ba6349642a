#!/usr/bin/env bash
# Installs the real servers that tests run against, without containers; a second run does nothing.
#   bash scripts/install-servers.sh [neo4j] [qdrant] [redis] [postgres] [s3]      (all when none is named)
# Debian packages need root; the rest rests in ${XDG_CACHE_HOME:-~/.cache}/sluice-servers. test/servers/server-cache.ts names the same places.
set -euo pipefail

cache="${XDG_CACHE_HOME:-$HOME/.cache}/sluice-servers"
neo4j=5.26.30 s3proxy=4.1.0 qdrant_client=1.20.0
names=("$@")
[ $# -gt 0 ] || names=(neo4j qdrant redis postgres s3)
for name in "${names[@]}"; do
  case "$name" in neo4j | qdrant | redis | postgres | s3) ;; *)
    echo "unknown server $name: expected some of neo4j qdrant redis postgres s3" >&2
    exit 2
    ;;
  esac
done

wanted() { [[ " ${names[*]} " == *" $1 "* ]]; }
has() { command -v "$1" > /dev/null 2>&1; }
step() { printf '%s (%ss)\n' "$1" "$SECONDS"; }
retry() {
  local attempt
  for attempt in 1 2 3 4; do
    "$@" && return 0
    [ "$attempt" = 4 ] || { echo "failed, again in $((attempt * 5)) s: $*" >&2; sleep $((attempt * 5)); }
  done
  return 1
}

# Debian packages -------------------------------------------------------------------------------------------------------
packages=()
wanted redis && ! has redis-server && packages+=(redis-server)
if wanted postgres && ! has initdb && ! compgen -G "/usr/lib/postgresql/1[5-9]/bin/initdb" > /dev/null; then packages+=(postgresql-15); fi
if wanted neo4j || wanted s3; then
  has java || packages+=(openjdk-17-jre-headless)
  [ -f "$cache/neo4j-$neo4j/lib/neo4j-$neo4j.jar" ] || ! wanted neo4j || has mvn || packages+=(maven)
  [ -f "$cache/s3proxy-$s3proxy/s3proxy.jar" ] || ! wanted s3 || has mvn || [[ " ${packages[*]} " == *" maven "* ]] || packages+=(maven)
fi
if wanted qdrant && [ ! -f "$cache/qdrant-client-$qdrant_client/installed" ] && ! { has python3 && python3 -c 'import ensurepip, venv' 2> /dev/null; }; then packages+=(python3 python3-venv); fi
if [ ${#packages[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "These Debian packages are missing. Install them, then run this again:" >&2
    echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages[*]}" >&2
    exit 3
  fi
  step "apt-get install ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  # PostgreSQL's package would make and start a cluster of its own; tests start theirs on free ports.
  mkdir -p /etc/postgresql-common
  [ -f /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
  retry apt-get update -qq
  retry apt-get install -y -q --no-install-recommends "${packages[@]}" > /dev/null
fi
if wanted neo4j || wanted s3; then
  version=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/.*java.specification.version = //p')
  [ "${version%%.*}" -ge 17 ] 2> /dev/null || { echo "Java 17 or newer is needed, java -version says ${version:-nothing}: apt-get install openjdk-17-jre-headless" >&2; exit 3; }
fi

# Python, beside the jars: both wait for the network ------------------------------------------------------------------------
install_qdrant() {
  # A virtual environment names its own place, so it cannot be renamed: a marker says that it is whole.
  local home="$cache/qdrant-client-$qdrant_client"
  rm -rf "$home" && mkdir -p "$cache"
  python3 -m venv "$home" && retry "$home/bin/python" -m pip install -q "qdrant-client==$qdrant_client" "numpy<3" && touch "$home/installed"
}
python=
if wanted qdrant && [ ! -f "$cache/qdrant-client-$qdrant_client/installed" ]; then
  step "qdrant-client $qdrant_client from PyPI"
  install_qdrant &
  python=$!
fi

# Jars: first into a folder beside, then renamed, so that a half download is never taken for a whole one --------------------
maven() { mvn -q -B -Dmaven.wagon.http.retryHandler.count=3 "$@"; }
if wanted neo4j && [ ! -f "$cache/neo4j-$neo4j/lib/neo4j-$neo4j.jar" ]; then
  step "Neo4j $neo4j from Maven (about 125 MB)"
  part="$cache/neo4j-$neo4j.part"
  rm -rf "$part" "$cache/neo4j-$neo4j" && mkdir -p "$part"
  cat > "$part/pom.xml" << POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>sluice</groupId><artifactId>neo4j-server</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies><dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>$neo4j</version></dependency></dependencies>
</project>
POM
  retry maven -f "$part/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$part/lib"
  mv "$part" "$cache/neo4j-$neo4j"
fi
if wanted s3 && [ ! -f "$cache/s3proxy-$s3proxy/s3proxy.jar" ]; then
  step "s3proxy $s3proxy from Maven (about 55 MB)"
  part="$cache/s3proxy-$s3proxy.part"
  rm -rf "$part" "$cache/s3proxy-$s3proxy" && mkdir -p "$part"
  retry maven org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy "-Dartifact=org.gaul:s3proxy:$s3proxy:jar:jar-with-dependencies" "-DoutputDirectory=$part"
  mv "$part"/*.jar "$part/s3proxy.jar"
  mv "$part" "$cache/s3proxy-$s3proxy"
fi

[ -z "$python" ] || wait "$python" || { echo "qdrant-client could not be installed" >&2; exit 1; }
step "the servers are installed: ${names[*]}"
