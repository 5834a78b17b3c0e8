import grpc
from suasion.v1.rule_set_service_pb2 import RuleSetServicePublishRequest, SourceFile, Sources
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
rules = SourceFile(name="rules.sua", text='plan hello { send push "hello" }')
request = RuleSetServicePublishRequest(sources=Sources(files=[rules]))
answer = RuleSetServiceStub(channel).Publish(request, timeout=30)
print("kept", answer.rule_set.version, "active" if answer.rule_set.active else "not active")
