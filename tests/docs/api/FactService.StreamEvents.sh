printf '%s\n' \
    '{"events": [{"event_id": "s-3", "type": "rejected", "user_id": "u2", "event_time": "2026-03-02T13:00:00Z"}]}' \
    '{"events": [{"event_id": "s-4", "type": "rejecte", "user_id": "u2", "event_time": "2026-03-02T13:00:00Z"}]}' | \
    .venv/bin/buf curl --schema protos --protocol grpc --http2-prior-knowledge -d @- \
    http://127.0.0.1:50051/suasion.v1.FactService/StreamEvents
