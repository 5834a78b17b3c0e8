.venv/bin/buf curl --schema protos --protocol grpc --http2-prior-knowledge \
    -d '{"subject": {"user_id": "u1"}, "message": {"channel": "push"}, "request_id": "r-0"}' \
    http://127.0.0.1:50051/suasion.v1.ContactService/Reserve
