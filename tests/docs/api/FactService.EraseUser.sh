.venv/bin/buf curl --schema protos --protocol grpc --http2-prior-knowledge -d '{"user_id": "u1"}' \
    http://127.0.0.1:50051/suasion.v1.FactService/EraseUser
