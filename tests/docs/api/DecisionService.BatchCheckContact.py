import grpc
from suasion.v1.answer_pb2 import Verdict
from suasion.v1.decision_service_pb2 import BatchCheckContactRequest, CheckContactRequest, Message
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from suasion.v1.subject_pb2 import Subject

channel = grpc.insecure_channel("127.0.0.1:50051")
requests = [
    CheckContactRequest(subject=Subject(user_id="u1"), plan="hello"),
    CheckContactRequest(subject=Subject(user_id="u1"), message=Message(channel="sms")),
    CheckContactRequest(subject=Subject(user_id="u1"), plan="helo"),
]
answer = DecisionServiceStub(channel).BatchCheckContact(
    BatchCheckContactRequest(requests=requests), timeout=5
)
for each in answer.results:
    print(each.error.message or f"{Verdict.Name(each.response.verdict)} {each.response.channel}")
