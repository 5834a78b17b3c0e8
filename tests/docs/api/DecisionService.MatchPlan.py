import grpc
from suasion.v1.answer_pb2 import Verdict
from suasion.v1.decision_service_pb2 import MatchPlanRequest
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from suasion.v1.subject_pb2 import Subject

channel = grpc.insecure_channel("127.0.0.1:50051")
answer = DecisionServiceStub(channel).MatchPlan(MatchPlanRequest(subject=Subject(user_id="u1")), timeout=1)
print(Verdict.Name(answer.verdict), answer.plan, "by", answer.channel)
for each in answer.plans:
    print(each.plan, [reason.text for reason in each.reasons])
