import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1.fact_service_pb2 import Event, RecordEventsRequest
from suasion.v1.fact_service_pb2_grpc import FactServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
when = Timestamp(seconds=1_772_452_800)  # 2026-03-02T12:00:00Z
fields = b'{"sku": "kettle", "price": {"amount": "39.00", "currency": "EUR"}}'
event = Event(event_id="e-1", type="cart_add", user_id="u1", event_time=when, fields_json=fields)
for _ in range(2):
    answer = FactServiceStub(channel).RecordEvents(RecordEventsRequest(events=[event]), timeout=1)
    print(answer.recorded_count, "recorded,", answer.duplicate_count, "known before")
