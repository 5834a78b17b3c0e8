.venv/bin/buf curl --schema protos --protocol grpc --http2-prior-knowledge \
    -d '{"profiles": [{"user_id": "u1", "attributes_json": "'$(printf '{"country": "de"}' | base64)'"}]}' \
    http://127.0.0.1:50051/suasion.v1.FactService/UpsertProfiles
