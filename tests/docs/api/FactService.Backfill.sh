.venv/bin/buf curl --schema protos --protocol grpc --http2-prior-knowledge \
    -d '{"events": [{"event_id": "old-2", "type": "rejected", "user_id": "u1", "event_time": "2026-01-02T13:00:00Z"}]}' \
    http://127.0.0.1:50051/suasion.v1.FactService/Backfill
