import grpc
from suasion.v1.answer_pb2 import Verdict
from suasion.v1.decision_service_pb2 import CheckContactRequest, Message
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from suasion.v1.subject_pb2 import Subject

channel = grpc.insecure_channel("127.0.0.1:50051")
request = CheckContactRequest(subject=Subject(user_id="u1"), message=Message(channel="push"))
answer = DecisionServiceStub(channel).CheckContact(request, timeout=1)
print(Verdict.Name(answer.verdict), [reason.text for reason in answer.reasons])
