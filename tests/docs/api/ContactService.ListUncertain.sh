.venv/bin/buf curl --schema protos --protocol grpc --http2-prior-knowledge \
    -d '{"page_size": 10}' \
    http://127.0.0.1:50051/suasion.v1.ContactService/ListUncertain
