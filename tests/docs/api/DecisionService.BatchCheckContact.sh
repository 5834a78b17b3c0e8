.venv/bin/buf curl --schema protos --protocol grpc --http2-prior-knowledge \
    -d '{"requests": [{"subject": {"user_id": "u1"}, "plan": "hello"}]}' \
    http://127.0.0.1:50051/suasion.v1.DecisionService/BatchCheckContact
