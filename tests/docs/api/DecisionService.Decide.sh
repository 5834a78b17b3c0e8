.venv/bin/buf curl --schema protos --protocol grpc --http2-prior-knowledge \
    -d '{"subject": {"user_id": "u1"}, "request_id": "r-1", "lease_duration": "60s"}' \
    http://127.0.0.1:50051/suasion.v1.DecisionService/Decide
