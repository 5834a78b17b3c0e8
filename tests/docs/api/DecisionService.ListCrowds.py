import grpc
from suasion.v1.decision_service_pb2 import ListCrowdsRequest
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from suasion.v1.subject_pb2 import Subject

channel = grpc.insecure_channel("127.0.0.1:50051")
answer = DecisionServiceStub(channel).ListCrowds(ListCrowdsRequest(subject=Subject(user_id="u1")), timeout=1)
print("in:", [each.crowd for each in answer.crowds])
print(
    "unknown:",
    [each.crowd for each in answer.unknown_crowds],
    "as there is no",
    list(answer.provenance.missing),
)
