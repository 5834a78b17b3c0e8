version=$(./suasion ask rules --format json | grep -om1 '[0-9a-f]\{64\}' | head -1); .venv/bin/buf curl --schema protos --protocol grpc --http2-prior-knowledge \
    -d "{\"base\": {\"version\": \"$version\"}, \"candidate\": {\"version\": \"$version\"}}" \
    http://127.0.0.1:50051/suasion.v1.ReplayService/Replay
