import grpc
from suasion.v1.answer_pb2 import Verdict
from suasion.v1.decision_service_pb2 import DecideRequest, StreamDecideRequest
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from suasion.v1.subject_pb2 import Subject

channel = grpc.insecure_channel("127.0.0.1:50051")


def requests():
    for user in ("u5", "u6", ""):
        yield StreamDecideRequest(request=DecideRequest(subject=Subject(user_id=user)))


for answer in DecisionServiceStub(channel).StreamDecide(requests()):
    result = answer.result
    print(result.error.message or f"{Verdict.Name(result.response.verdict)} {result.response.plan}")
