import grpc
from suasion.v1.answer_pb2 import Verdict
from suasion.v1.decision_service_pb2 import BatchDecideRequest, DecideRequest
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from suasion.v1.subject_pb2 import Subject

channel = grpc.insecure_channel("127.0.0.1:50051")
requests = [
    DecideRequest(subject=Subject(user_id="u2"), request_id="r-2"),
    DecideRequest(subject=Subject(user_id="u3"), decide="bes"),
]
answer = DecisionServiceStub(channel).BatchDecide(BatchDecideRequest(requests=requests), timeout=5)
for each in answer.results:
    print(each.error.message or f"{Verdict.Name(each.response.verdict)} {each.response.plan}")
