import grpc
from suasion.v1.rule_set_service_pb2 import RuleSetServiceListRequest
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
request = RuleSetServiceListRequest(page_size=10)
while True:
    answer = RuleSetServiceStub(channel).List(request, timeout=10)
    for each in answer.versions:
        print(f"{each.version} serves {each.share:.0%}")
    if not answer.next_page_token:
        break
    request.page_token = answer.next_page_token
