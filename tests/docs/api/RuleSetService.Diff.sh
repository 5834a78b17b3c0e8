.venv/bin/buf curl --schema protos --protocol grpc --http2-prior-knowledge \
    -d '{"before": {"sources": {"files": [{"name": "a.sua", "text": "event paid { }"}]}}, "after": {"sources": {"files": [{"name": "b.sua", "text": "event paid { total: int }"}]}}}' \
    http://127.0.0.1:50051/suasion.v1.RuleSetService/Diff
