import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1.fact_service_pb2 import Horizon, SetHorizonRequest
from suasion.v1.fact_service_pb2_grpc import FactServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
since = Timestamp(seconds=1_767_225_600)  # 2026-01-01T00:00:00Z
horizon = Horizon(event_type="order_paid", known_since_time=since)
answer = FactServiceStub(channel).SetHorizon(SetHorizonRequest(horizon=horizon), timeout=1)
print(answer.horizon.event_type, "is known since", answer.horizon.known_since_time.ToJsonString())
