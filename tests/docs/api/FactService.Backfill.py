import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1.fact_service_pb2 import BackfillRequest, Event
from suasion.v1.fact_service_pb2_grpc import FactServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
when = Timestamp(seconds=1_767_225_600)  # 2026-01-01T00:00:00Z
fields = b'{"total": {"amount": "39.00", "currency": "EUR"}}'
event = Event(event_id="old-1", type="order_paid", user_id="u1", event_time=when, fields_json=fields)
answer = FactServiceStub(channel).Backfill(BackfillRequest(events=[event]), timeout=1)
print(answer.recorded_count, "recorded,", answer.duplicate_count, "known before")
