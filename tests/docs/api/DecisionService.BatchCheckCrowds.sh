.venv/bin/buf curl --schema protos --protocol grpc --http2-prior-knowledge \
    -d '{"subjects": [{"user_id": "u1"}, {"user_id": "boss"}], "crowds": ["staff"], "form": "CROWD_FORM_BITMAP"}' \
    http://127.0.0.1:50051/suasion.v1.DecisionService/BatchCheckCrowds
