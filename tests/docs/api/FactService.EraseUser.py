import grpc
from suasion.v1.fact_service_pb2 import EraseUserRequest
from suasion.v1.fact_service_pb2_grpc import FactServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
answer = FactServiceStub(channel).EraseUser(EraseUserRequest(user_id="u1"), timeout=1)
print(answer.attribute_count, "attributes,", answer.event_count, "events,", answer.list_count, "lists")
