import grpc
from suasion.v1.fact_service_pb2 import ListHorizonsRequest
from suasion.v1.fact_service_pb2_grpc import FactServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
answer = FactServiceStub(channel).ListHorizons(ListHorizonsRequest(), timeout=1)
for horizon in answer.horizons:
    known = horizon.HasField("known_since_time")
    print(horizon.event_type, "since", horizon.known_since_time.ToJsonString() if known else "always")
