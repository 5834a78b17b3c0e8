import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1.fact_service_pb2 import Event, StreamEventsRequest
from suasion.v1.fact_service_pb2_grpc import FactServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
when = Timestamp(seconds=1_772_452_800)  # 2026-03-02T12:00:00Z
fields = b'{"sku": "kettle", "price": {"amount": "39.00", "currency": "EUR"}}'


def requests():
    for number in range(3):
        event = Event(
            event_id=f"s-{number}", type="cart_add", user_id="u2", event_time=when, fields_json=fields
        )
        yield StreamEventsRequest(events=[event])


for answer in FactServiceStub(channel).StreamEvents(requests()):
    print(answer.results[0].event_id, "recorded" if answer.recorded_count else "not recorded")
