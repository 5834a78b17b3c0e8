import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1.answer_pb2 import Verdict
from suasion.v1.decision_service_pb2 import DecideRequest
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from suasion.v1.fact_service_pb2 import Event

channel = grpc.insecure_channel("127.0.0.1:50051")
when = Timestamp(seconds=1_772_453_100)  # 2026-03-02T12:05:00Z
fields = b'{"sku": "cup", "price": {"amount": "21.00", "currency": "EUR"}}'
event = Event(event_id="e-3", type="cart_add", user_id="u1", event_time=when, fields_json=fields)
for _ in range(2):  # the same event again is answered as the first time
    answer = DecisionServiceStub(channel).Decide(DecideRequest(event=event), timeout=1)
    print(Verdict.Name(answer.verdict), answer.plan, answer.channel, answer.contact.occurrence)
