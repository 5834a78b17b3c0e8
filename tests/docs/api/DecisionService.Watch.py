import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1.decision_service_pb2 import WatchRequest
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from suasion.v1.fact_service_pb2 import Event, RecordEventsRequest
from suasion.v1.fact_service_pb2_grpc import FactServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
later = Timestamp(seconds=1_772_460_000)  # 2026-03-02T14:00:00Z: what waits for two hours is due
event = Event(event_id="e-9", type="rejected", user_id="u9", event_time=later)
FactServiceStub(channel).RecordEvents(RecordEventsRequest(events=[event]), timeout=1)

last = 0  # go on behind the last one that was dealt with
watching = DecisionServiceStub(channel).Watch(WatchRequest(after_id=last))
decided = next(watching)
print(decided.id, decided.user_id, decided.decision.plan, decided.decision.contact.occurrence)
watching.cancel()
