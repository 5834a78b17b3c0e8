.venv/bin/buf curl --schema protos --protocol grpc --http2-prior-knowledge \
    -d '{"horizon": {"event_type": "order_paid"}}' \
    http://127.0.0.1:50051/suasion.v1.FactService/SetHorizon
