.venv/bin/buf curl --schema protos --protocol grpc --http2-prior-knowledge \
    -d '{"list": "staff", "user_ids": ["u9"], "mode": "MODE_ADD"}' \
    http://127.0.0.1:50051/suasion.v1.FactService/LoadList
