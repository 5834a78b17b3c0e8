printf '%s\n' \
    '{"request": {"subject": {"user_id": "u7"}, "reserve": false}}' \
    '{"request": {"subject": {"user_id": "u8"}, "decide": "bes"}}' | \
    .venv/bin/buf curl --schema protos --protocol grpc --http2-prior-knowledge -d @- \
    http://127.0.0.1:50051/suasion.v1.DecisionService/StreamDecide
