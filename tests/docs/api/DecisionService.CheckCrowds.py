import grpc
from suasion.v1.answer_pb2 import Answer
from suasion.v1.decision_service_pb2 import CheckCrowdsRequest
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from suasion.v1.subject_pb2 import Subject

channel = grpc.insecure_channel("127.0.0.1:50051")
who = Subject(user_id="u1", facts_json=b'{"user": {"country": "fr"}}')
request = CheckCrowdsRequest(subject=who, crowds=["hot_cart", "german", "staff"])
for each in DecisionServiceStub(channel).CheckCrowds(request, timeout=1).answers:
    print(each.crowd, Answer.Name(each.answer), each.reasons[0].location)
