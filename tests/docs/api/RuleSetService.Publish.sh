.venv/bin/buf curl --schema protos --protocol grpc --http2-prior-knowledge \
    -d '{"sources": {"files": [{"name": "rules.sua", "text": "crowd nobody { 1 > 2 }"}]}, "validate_only": true}' \
    http://127.0.0.1:50051/suasion.v1.RuleSetService/Publish
